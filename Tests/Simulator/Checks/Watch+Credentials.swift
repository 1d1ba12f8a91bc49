import RCMLBasics

/// I-S8: credentials appear only in requests to the target they belong to, are right, and belong to the first realm
/// that asked (spec A-4, A-6, A-7, Q-17).
extension Watch {
  func checkCredentials(_ message: SipText) {
    guard !message.credentials.isEmpty else { return }
    guard let method = message.method, method != .cancel else {
      return fail(.credentials, "credentials in a response or a CANCEL")
    }
    guard let index = legIndex[message.callID] else {
      return fail(.credentials, "credentials went to somebody who is no leg")
    }
    let target = legs[index].target
    guard let lock = locks[target], let callee = Int(target.dropFirst("callee".count)) else {
      return fail(.credentials, "\(target) asked for nothing and was shown credentials")
    }
    let user = message.user(in: message.uri)
    if !user.isEmpty, text(user) != target {
      fail(.credentials, "the credentials of \(target) went to \(text(user))")
    }
    for field in message.credentials {
      check(Fields(message.text(field)), message, method, callee, lock)
    }
    if method == .invite, message.toTag.isEmpty { countInvite(message, index) }
  }

  private func check(
    _ fields: Fields, _ message: SipText, _ method: SipText.Method, _ callee: Int,
    _ lock: PhoneLock
  ) {
    let name = PhoneLock.username(of: callee)
    if fields["username"] != name {
      fail(.credentials, "callee\(callee) was shown \(fields["username"])")
    }
    let isOwn =
      lock.isKnown
      && fields["realm"] == lock.challenges.first(where: { $0.kind != .unusable })?.realm
    if !isOwn, !given.contains("callee\(callee) " + fields["realm"]) {
      fail(.credentials, "callee\(callee): an answer for the realm \(fields["realm"])")
    }
    // The ACK repeats what its INVITE carried.
    let said = method == .ack ? "INVITE" : method.rawValue
    if fields["uri"] != message.text(message.uri), method != .ack {
      fail(.credentials, "the digest's URI is not the Request-URI: \(fields["uri"])")
    }
    func hash(_ text: String) -> String {
      Digest.hash(.md5, Array(text.utf8)).map { String(decoding: Digest.hex($0), as: UTF8.self) }
        ?? ""
    }
    let who = hash("\(name):\(fields["realm"]):\(PhoneLock.password(of: callee))")
    let what = hash("\(said):\(fields["uri"])")
    let right = hash(
      "\(who):\(fields["nonce"]):\(fields["nc"]):\(fields["cnonce"]):auth:\(what)")
    if fields["response"] != right { fail(.credentials, "callee\(callee) got a wrong digest") }
  }

  private func countInvite(_ message: SipText, _ index: Int) {
    guard let attempt = legs[index].tries.firstIndex(where: { $0.branch == message.branch })
    else { return }
    legs[index].tries[attempt].hasCredentials = true
    // The first one had none: four in all. One that goes once more by another way is the same.
    if Set(legs[index].tries.filter { $0.hasCredentials }.map(\.sequence)).count > 3 {
      fail(.credentials, "\(legs[index].target) got a fifth INVITE")
    }
  }

  /// `name=value` and `name="value"` of one Digest, as the tests need it.
  private struct Fields {
    private var values: [String: String] = [:]

    init(_ text: String) {
      for part in text.dropFirst("Digest ".count).split(separator: ",") {
        guard let mark = part.firstIndex(of: "=") else { continue }
        let name = part[..<mark].filter { $0 != " " }
        values[String(name)] = part[part.index(after: mark)...].filter { $0 != "\"" }
      }
    }

    subscript(name: String) -> String { values[name] ?? "" }
  }
}
