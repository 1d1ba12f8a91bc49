import RCMLBasics

/// What of the settings every stream has in common.
struct MediaSettings: Hashable {
  /// `media_timeout` (spec U-27).
  var silenceLimit = Interval.zero
  /// `inband_digits`.
  var hearsKeys = false
  /// `rtp_lock` (spec U-67).
  var lock = Settings.RTPLock.once

  init() {}

  init(_ settings: Settings) {
    silenceLimit = settings.mediaTimeout
    hearsKeys = settings.inbandDigits
    lock = settings.rtpLock
  }
}
