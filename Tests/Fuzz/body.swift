import RCMLBasics
import RCMLSIP

/// Any octets as the end of a message's header and its body (spec U-58): what is found in it stands in it, and what is put
/// between delimiters is found again.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c public func LLVMFuzzerTestOneInput(_ octets: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let given = Array(UnsafeBufferPointer(start: octets, count: count))
  for start in ["INVITE sip:a@b SIP/2.0", "SIP/2.0 200 OK"] {
    guard let message = read(start, given) else { continue }
    guard case .description(let found) = message.understoodBody else { continue }
    precondition(!found.isEmpty && message.body.startIndex <= found.startIndex)
    precondition(found.endIndex <= message.body.endIndex)
  }
  // A name that the octets do not hold.
  let boundary = Array("0123456789cut".utf8) + Array("\(count)".utf8)
  guard count > 0, count < 32_000, !holds(given, boundary) else { return 0 }
  let delimiter = Array("--".utf8) + boundary
  let header = Array("Content-Type: multipart/mixed;boundary=".utf8) + boundary
  let part = Array("\r\nContent-Type: application/sdp\r\n\r\n".utf8)
  let end = Array("\r\n".utf8) + delimiter + Array("--\r\n".utf8)
  let whole = header + Array("\r\n\r\n".utf8) + delimiter + part + given + end
  guard let message = read("INVITE sip:a@b SIP/2.0", whole),
    case .description(let found) = message.understoodBody
  else { preconditionFailure("a part is not found") }
  precondition(found.elementsEqual(given), "a part is not what it was")
  return 0
}

private func read(_ start: String, _ rest: [UInt8]) -> Message? {
  let head =
    "\(start)\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n"
    + "Call-ID: 1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"
  let reading = (Array(head.utf8) + rest).withUnsafeBytes { MessageReader.read($0, over: .udp) }
  if case .message(let message) = reading { return message }
  return nil
}

private func holds(_ octets: [UInt8], _ word: [UInt8]) -> Bool {
  guard octets.count >= word.count else { return false }
  return (0...(octets.count - word.count)).contains { octets[$0...].starts(with: word) }
}
