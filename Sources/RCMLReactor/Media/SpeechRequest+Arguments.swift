import RCMLBasics
import RCMLDocument
import RCMLMedia

/// The program's argument vector. The text is never in it (failures A12), and of what the document says about language
/// and voice only what looks like a language and a voice, so that neither is taken for an option, a path or a URL.
extension SpeechRequest {
  private var takesMarkup: Bool { program.hasSuffix(Settings.markupWord) }

  /// What it reads (spec V-21).
  var input: String {
    guard takesMarkup else { return text }
    return markup.isEmpty ? "<speak>" + XMLText.escaped(text) + "</speak>" : markup
  }

  /// Nil: there is no such program.
  var arguments: [String]? {
    let program = takesMarkup ? String(program.dropLast(Settings.markupWord.count)) : program
    guard !program.isEmpty, !program.utf8.contains(0) else { return nil }
    let language = SpeechRequest.isLanguage(language) ? language : "en"
    let voice = SpeechRequest.isName(voice) ? voice : "man"
    let name = program.utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) }
    switch name ?? "" {
    case "flite":
      // It goes back in its file to write the length, which a pipe would not let it.
      return [
        program, "-voice", SpeechRequest.fliteVoice(voice), "-f", "-", "-o", "/proc/self/fd/1",
      ] + (takesMarkup ? ["-ssml"] : [])
    case "espeak-ng":
      return [
        program, "--stdin", "--stdout", "-v", SpeechRequest.espeakVoice(voice, language),
      ] + (takesMarkup ? ["-m"] : [])
    default: return [program, language, voice]
    }
  }

  private static func fliteVoice(_ voice: String) -> String {
    voice == "man" ? "rms" : voice == "woman" ? "slt" : voice
  }

  private static func espeakVoice(_ voice: String, _ language: String) -> String {
    voice == "man" ? language : language + "+" + (voice == "woman" ? "f3" : voice)
  }

  /// Letters, digits and hyphens, a letter first (RFC 5646 §2.1).
  private static func isLanguage(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetter, text.utf8.count <= 35 else { return false }
    return text.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isAlphanumeric, text.utf8.count <= 64
    else { return false }
    return text.utf8.allSatisfy {
      $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
  }
}
