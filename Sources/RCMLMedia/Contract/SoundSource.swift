/// Where a sound comes from. Octets from the web never pass through here: they stay with whoever fetched them.
public enum SoundSource: Hashable, Sendable {
  /// `name` and `contentType` decide only where the octets themselves say nothing.
  case octets([UInt8], name: String, contentType: String)
  /// An absolute path; whoever asks has made sure that it may be read.
  case file(path: String)
  case speech(SpeechRequest)
}

/// A text to be spoken by a program of this machine.
public struct SpeechRequest: Hashable, Sendable {
  /// `flite`, `espeak-ng`, or the path of a program that reads text on its standard input and writes WAV to its
  /// standard output; its arguments are language and voice. With `{ssml}` behind it it reads SSML.
  public var program: String
  public var text: String
  /// The same with its elements, as SSML, for a program that reads that; empty = there are none, or it does not (spec V-21).
  public var markup: String
  /// As the document says: `en`, `de-DE`.
  public var language: String
  /// As the document says: `man`, `woman`, or a name the program knows.
  public var voice: String

  public init(
    program: String, text: String, markup: String = "", language: String, voice: String
  ) {
    self.program = program
    self.text = text
    self.markup = markup
    self.language = language
    self.voice = voice
  }
}
