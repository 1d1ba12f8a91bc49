import RCMLBasics

/// What is recorded, and when it ends by itself.
public struct RecordingPlan: Hashable, Sendable {
  /// The caller; the other party, if there is one.
  public var left: MediaID
  public var right: MediaID?
  /// 2: left and right each have a channel; 1: mixed.
  public var channels: Int
  /// Ends after so much silence; zero = never.
  public var silence: Interval
  /// Ends after so long; zero = never.
  public var maximum: Interval
  /// Also when nothing was heard; else its file goes as if it had been discarded.
  public var keepsEmpty: Bool

  public init(
    left: MediaID, right: MediaID? = nil, channels: Int = 1, silence: Interval = .zero,
    maximum: Interval = .zero, keepsEmpty: Bool = true
  ) {
    self.left = left
    self.right = right
    self.channels = channels
    self.silence = silence
    self.maximum = maximum
    self.keepsEmpty = keepsEmpty
  }
}
