/// Where a sound comes from. Octets from the web never pass through here: they stay with whoever fetched them.
package enum SoundSource: Hashable, Sendable {
  /// `name` and `contentType` decide only where the octets themselves say nothing.
  case octets([UInt8], name: String, contentType: String)
  /// An absolute path; whoever asks has made sure that it may be read.
  case file(path: String)
  case speech(SpeechRequest)
}

/// A text to be spoken by a program of this machine.
package struct SpeechRequest: Hashable, Sendable {
  /// `flite`, `espeak-ng`, or the path of a program that reads text on its standard input and writes WAV to its
  /// standard output; its arguments are language and voice.
  package var program: String
  package var text: String
  /// As the document says: `en`, `de-DE`.
  package var language: String
  /// As the document says: `man`, `woman`, or a name the program knows.
  package var voice: String

  package init(program: String, text: String, language: String, voice: String) {
    self.program = program
    self.text = text
    self.language = language
    self.voice = voice
  }
}
