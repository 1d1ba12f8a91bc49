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
  guard let read = SessionDescription(reading: body) else { preconditionFailure("two verdicts") }
  let address = SocketAddress(ipv4: 0x7f00_0001, port: 9)
  let origin = SDPOrigin(sessionID: 1, address: address)
  for directions in [SDPDirections.all, read.directions] {
    for places in [SDPPlaces.offer(after: nil), .offer(after: read), .answer(to: read)] {
      let draft = SDPDraft.relaying(read, to: places, directions)
      let ours = SessionDescription(written: draft.written(by: origin, version: 2))
      precondition(ours.streams.count == read.streams.count && draft.says(sameAs: ours))
      guard case .description(let again) = SessionDescription.check(ours.body) else {
        // Another origin may pass the limit of length, but breaks nothing.
        precondition(ours.body.count > SessionDescription.lengthLimit - 512)
        continue
      }
      precondition(again.mediaCount == audio.mediaCount && again.port == audio.port)
    }
  }
  let answer = SDPDraft.inactiveAnswer(to: read, address: address)
  guard
    case .description(let answered) = SessionDescription.check(
      answer.written(by: origin, version: 1))
  else {
    preconditionFailure("the answer is none")
  }
  precondition(answered.mediaCount == audio.mediaCount)
  return 0
}
