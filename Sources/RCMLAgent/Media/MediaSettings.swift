import RCMLBasics

/// What of the settings every stream has in common.
struct MediaSettings: Hashable {
  /// `media_timeout` (spec U-27).
  var silenceLimit = Interval.zero
  /// `inband_digits`.
  var hearsKeys = false
  /// `rtp_lock` = once.
  var followsSource = true

  init() {}

  init(_ settings: Settings) {
    silenceLimit = settings.mediaTimeout
    hearsKeys = settings.inbandDigits
    followsSource = settings.rtpLock == .once
  }
}
