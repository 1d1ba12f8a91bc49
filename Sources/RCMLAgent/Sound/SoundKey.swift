import RCMLDocument
import RCMLMedia

/// Which sound is meant: the same key is the same sound, as long as it is kept.
enum SoundKey: Hashable {
  /// `http:`, `https:` or `host:`, and whose word it is that names it.
  case web(String, by: DocumentOrigin = .inside)
  case file(path: String)
  case speech(SpeechRequest)
  /// The same, said by the host if it likes (spec Q-26).
  case hostSpeech(SpeechRequest)
}
