/// What the name of a sound tells before anybody has it (spec V-11).
public enum SoundName {
  private static let unreadable: Set<String> = ["mp3", "ogg", "opus", "m4a", "flac", "aac", "webm"]

  /// `mp3`: a form that nobody here reads; nil = it may be one that is.
  public static func unreadableEnding(of url: String) -> String? {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    guard let ending = path.split(separator: ".").last?.lowercased() else { return nil }
    return unreadable.contains(ending) ? ending : nil
  }
}
