import RCMLBasics
import RCMLSIP

/// Any octets as a session description (failures P7), and the edits of those that are usable.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c public func LLVMFuzzerTestOneInput(_ octets: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let body = Array(UnsafeBufferPointer(start: octets, count: count))
  guard case .description(let audio) = SessionDescription.check(body) else { return 0 }
  precondition(count <= SessionDescription.lengthLimit)
  precondition(audio.mediaCount <= SessionDescription.mediaLimit)
  precondition(audio.payloads.count <= SessionDescription.payloadLimit)
  let address = SocketAddress(ipv4: 0x7f00_0001, port: 9)
  _ = SessionDescription.removingHold(body)
  let ours = SessionDescription.rewritingOrigin(body, sessionID: 1, version: 2, address: address)
  guard case .description(let again) = SessionDescription.check(ours) else {
    // Another origin may pass the limit of length, but breaks nothing.
    precondition(ours.count > SessionDescription.lengthLimit)
    return 0
  }
  precondition(again.mediaCount == audio.mediaCount && again.port == audio.port)
  let answer = SessionDescription.inactiveAnswer(to: body, address: address)
  guard case .description(let answered) = SessionDescription.check(answer) else {
    preconditionFailure("the answer is none")
  }
  precondition(answered.mediaCount == audio.mediaCount)
  return 0
}
