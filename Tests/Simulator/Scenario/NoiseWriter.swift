/// Writes what strangers send: requests out of place, pieces of messages, and mere octets.
enum NoiseWriter {
  static func datagram(_ dice: inout Dice) -> [UInt8] {
    switch dice.below(5) {
    case 0: return (0..<dice.within(0...200)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
    case 1: return request("OPTIONS", &dice)
    case 2: return Array(request("OPTIONS", &dice).prefix(dice.within(0...250)))
    case 3: return damaged(&dice)
    default:
      let methods = ["BYE", "ACK", "CANCEL", "INFO", "UPDATE", "REGISTER", "NOTIFY", "FOO"]
      return request(dice.one(of: methods), &dice)
    }
  }

  /// Some octets of a good request replaced; never an INVITE, which might still be one.
  private static func damaged(_ dice: inout Dice) -> [UInt8] {
    var bytes = request("OPTIONS", &dice)
    for _ in 0..<dice.within(1...5) {
      bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
    }
    return bytes
  }

  private static func request(_ method: String, _ dice: inout Dice) -> [UInt8] {
    let tag = dice.chance(50) ? ";tag=\(dice.next())" : ""
    return Array(
      ("\(method) sip:service@10.0.0.1:5060 SIP/2.0\r\n"
        + "Via: SIP/2.0/UDP 10.0.7.7:5060;branch=z9hG4bK\(dice.next());rport\r\n"
        + "Max-Forwards: 70\r\nFrom: <sip:stranger@10.0.7.7>;tag=\(dice.next())\r\n"
        + "To: <sip:service@10.0.0.1>\(tag)\r\nCall-ID: \(dice.next())@10.0.7.7\r\n"
        + "CSeq: 1 \(method)\r\nContact: <sip:stranger@10.0.7.7:5060>\r\n"
        + "Content-Length: 0\r\n\r\n").utf8)
  }
}
