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
  judge(read, origin)
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

/// Where keys are served: what is secret has keys, and what is relayed of it stays as secret as it was.
private func judge(_ read: SessionDescription, _ origin: SDPOrigin) {
  for profiles in [SDPProfiles.secret, [.open, .secret], [.open, .secret, .secretVideo]] {
    let judged = read.serving(profiles as SDPProfiles)
    precondition(judged.streams.count == read.streams.count)
    precondition(judged.isSecret == !judged.keys.isEmpty)
    precondition(judged.isSecret || profiles.contains(.open) || judged.audio == nil)
    for key in judged.keys { precondition(key.key.octets.count == key.suite.keyLength) }
    let draft = SDPDraft.relaying(judged, to: .offer(after: nil), .all)
    let ours = SessionDescription(written: draft.written(by: origin, version: 2))
    precondition(ours.serving(profiles).isSecret == judged.isSecret)
  }
}
