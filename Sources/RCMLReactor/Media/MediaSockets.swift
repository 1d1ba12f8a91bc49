import CSystem
import RCMLBasics

/// The two sockets of one stream, a port of frames in their place, or a slot that is free.
struct MediaSockets {
  var audio: Int32 = -1
  var control: Int32 = -1
  /// A party that speaks in frames: there are no sockets.
  var isFrames = false
  /// The even one, of RTP.
  var port: UInt16 = 0
  /// The interface of a link-local party (RFC 4007); 0 = none was heard.
  var scope: UInt32 = 0
  /// Nil: the kernel chooses.
  var source: PacketSource?

  var isOpen: Bool { audio >= 0 || isFrames }

  /// Binds RTP to the even `port` and RTCP to the next (RFC 3550 §11), or neither.
  static func bind(port: UInt16, takesIPv6: Bool) -> Result<MediaSockets, MediaSocketError> {
    var address =
      takesIPv6
      ? system_address(high: 0, low: 0, scope: 0, port: port, family: 6)
      : system_address(high: 0, low: 0, scope: 0, port: port, family: 4)
    let audio = system_media_bind(&address)
    guard audio >= 0 else { return .failure(MediaSocketError(audio)) }
    address.port = port + 1
    let control = system_media_bind(&address)
    guard control >= 0 else {
      system_close(audio)
      return .failure(MediaSocketError(control))
    }
    return .success(MediaSockets(audio: audio, control: control, port: port))
  }

  func close() {
    source?.free()
    guard audio >= 0 else { return }
    system_close(audio)
    system_close(control)
  }
}
