/// The phone that calls in: it waits for an answer and stays until the call is ended, or hangs up when it is told to.
struct ScriptedCaller {
  static let callID = Array(callIDText.utf8)
  private static let callIDText = "caller@192.0.2.2"
  private static let host = "192.0.2.2"

  /// URIs.
  private let from: String
  private let to: String
  private var answer: PhoneMessage?
  private var isOver = false
  private var isCanceled = false
  private var hasRung = false
  private var lastSequence = 1

  init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  private func request(
    _ method: String, to uri: some StringProtocol, sequence: Int, branch: String, tag: String
  ) -> String {
    "\(method) \(uri) SIP/2.0\r\nVia: SIP/2.0/UDP \(ScriptedCaller.host);branch=z9hG4bK\(branch)\r\n"
      + "Max-Forwards: 70\r\nFrom: <\(from)>;tag=caller\r\nTo: \(tag.isEmpty ? "<\(to)>" : tag)\r\n"
      + "Call-ID: \(ScriptedCaller.callIDText)\r\nCSeq: \(sequence) \(method)\r\n"
  }

  private var contact: String { "Contact: <sip:caller@\(ScriptedCaller.host)>\r\n" }
  private var sound: String { PhoneMessage.sound(at: ScriptedCaller.host) }

  func invite() -> [UInt8] {
    PhoneMessage.finish(
      request("INVITE", to: to, sequence: 1, branch: "caller1", tag: "") + contact, body: sound)
  }

  /// BYE, or CANCEL as long as nobody answered.
  mutating func hangUp() -> [[UInt8]] {
    if isOver { return [] }
    guard let answer else {
      isCanceled = true
      guard hasRung else { return [] }
      return [
        PhoneMessage.finish(request("CANCEL", to: to, sequence: 1, branch: "caller1", tag: ""))
      ]
    }
    isOver = true
    return [PhoneMessage.finish(request("BYE", after: answer))]
  }

  /// Nobody hears a key before there is an answer, or after the end.
  mutating func press(_ key: UInt8) -> [[UInt8]] {
    guard !isOver, let answer else { return [] }
    return [PhoneMessage.finish(request("INFO", after: answer), key: key)]
  }

  private mutating func request(_ method: String, after answer: PhoneMessage) -> String {
    lastSequence += 1
    return request(
      method, to: answer.contact, sequence: lastSequence,
      branch: "caller\(lastSequence + 1)", tag: answer[.to])
  }

  mutating func received(_ message: PhoneMessage) -> [[UInt8]] {
    if message.isResponse {
      return message.method == .invite ? responded(message) : []
    }
    switch message.method {
    case .ack: return []
    case .invite:
      return [PhoneMessage.finish(message.response(200, tag: "caller") + contact, body: sound)]
    case .bye:
      isOver = true
      return [PhoneMessage.finish(message.response(200, tag: "caller"))]
    case .cancel, .options, .register, .info, .prack, .update, .refer, .notify, .subscribe,
      .message, .publish, .other:
      return [PhoneMessage.finish(message.response(200, tag: "caller"))]
    }
  }

  private mutating func responded(_ message: PhoneMessage) -> [[UInt8]] {
    if message.code < 200 {
      defer { hasRung = true }
      return isCanceled && !hasRung ? cancelNow() : []
    }
    let isAnswer = message.code < 300
    let uri = isAnswer ? message.contact : to
    let ack = PhoneMessage.finish(
      request(
        "ACK", to: uri, sequence: 1, branch: isAnswer ? "caller2" : "caller1",
        tag: message[.to]))
    if !isAnswer {
      isOver = true
      return [ack]
    }
    answer = message
    return isCanceled ? [ack] + hangUp() : [ack]
  }

  /// A CANCEL waits for the first response (RFC 3261 §9.1).
  private mutating func cancelNow() -> [[UInt8]] {
    hasRung = true
    return hangUp()
  }
}
