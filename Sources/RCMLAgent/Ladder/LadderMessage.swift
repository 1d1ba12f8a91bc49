import RCMLBasics
import RCMLSIP

/// What a ladder shows of a SIP message. A message the agent refused is drawn too, as far as it can be read.
struct LadderMessage {
  private let message: Message

  /// Nil when the octets are no message at all.
  init?(_ octets: [UInt8]) {
    let message = octets.withUnsafeBytes { MessageReader.glance($0, over: .udp) }
    guard let message, LadderMessage.hasStartLine(message) else { return nil }
    self.message = message
  }

  var callID: [UInt8] { Array(message.callID) }

  var isInvite: Bool { message.isRequest && message.method == .invite }
  /// 0: a request.
  var statusCode: UInt16 { message.statusCode }
  var from: String { LadderMessage.uri(message.value(of: .from)) }
  var to: String { LadderMessage.uri(message.value(of: .to)) }

  /// `sip:alice@example.com` of `"Alice" <sip:alice@example.com;user=phone>;tag=1`.
  private static func uri(_ value: ArraySlice<UInt8>?) -> String {
    guard var rest = value else { return "" }
    if let open = rest.lastIndex(of: UInt8(ascii: "<")) {
      rest = rest[rest.index(after: open)...].prefix { $0 != UInt8(ascii: ">") }
    }
    return text(rest.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "?") })
  }

  /// Any version is one that can be drawn.
  private static func hasStartLine(_ message: Message) -> Bool {
    guard message.isRequest else { return message.statusCode != 0 }
    return message.bytes[message.requestURI.endIndex...].starts(with: Array(" SIP/".utf8))
  }

  /// From the longest to the shortest way to say it: the ladder takes the first one that fits.
  var labels: [String] {
    let sdp = message.hasDescription ? " sdp" : ""
    let method = LadderMessage.text(message.methodName)
    if message.isRequest {
      return ["\(method) \(message.cseq)\(sdp)", "\(method)\(sdp)", method]
    }
    let code = "\(message.statusCode)"
    // Most responses answer an INVITE, and there it goes without saying.
    let of = message.cseqMethod == .invite ? "" : " (\(method))"
    let phrase = LadderMessage.text(message.phrase)
    return ["\(code) \(phrase)\(of)\(sdp)", "\(code)\(of)\(sdp)", "\(code)\(of)", code]
  }

  private static func text(_ octets: ArraySlice<UInt8>) -> String {
    JournalWords.printable(Array(octets))
  }
}
