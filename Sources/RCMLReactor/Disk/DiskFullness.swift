import RCMLBasics
import RCMLDocument

/// Recordings that ended because a disk is full: one word a second, with their number (spec Y-7, Y-13).
struct DiskFullness {
  private var ended = 0
  /// The last of them.
  private var path = ""
  private var failure: Int32 = 0
  private var quietUntil = Instant(nanoseconds: 0)

  /// One of its jobs has come back without having been done.
  mutating func note(_ file: DiskFile) {
    guard file.failedForWantOfRoom() else { return }
    ended += 1
    (path, failure) = (file.path, file.failure)
  }

  mutating func pop(_ now: Instant) -> Finding? {
    guard ended > 0, quietUntil <= now else { return nil }
    defer { ended = 0 }
    quietUntil = now + .seconds(1)
    return Finding(
      severity: .error, code: .diskFull,
      text:
        "\(ended) \(ended == 1 ? "recording ends" : "recordings end"), the disk is full or has no "
        + "more than disk_reserve left: “\(path)”: \(errorText(failure))")
  }
}
