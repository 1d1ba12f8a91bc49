import RCMLBasics
import RCMLDial

extension FieldWriter {
  mutating func command(_ command: Command, mask: inout SecretMask) {
    switch command {
    case .set(let name, let value):
      octet(1)
      text(name)
      text(mask.setting(name, value))
    case .onCall(let call, .run(let source)):
      octet(2)
      number(call.number)
      document(source, mask: &mask)
    case .call(let party, let from, let source):
      octet(3)
      text(party)
      text(from)
      document(source, mask: &mask)
    case .onCall(let call, .ring(let code)):
      octet(4)
      number(call.number)
      number(code)
    case .onCall(let call, .answer):
      octet(5)
      number(call.number)
    case .onCall(let call, .reject(let code, let phrase)):
      octet(6)
      number(call.number)
      number(code)
      text(phrase)
    case .onCall(let call, .hangUp):
      octet(7)
      number(call.number)
    case .onCall(let call, .endDial):
      octet(8)
      number(call.number)
    case .onCall(let call, .digit(let key)):
      octet(9)
      number(call.number)
      octet(key)
    case .defaultDocument(let source):
      octet(10)
      optional(source) { $0.document($1, mask: &mask) }
    case .answer(let id, .request(let status, let contentType, let body)):
      octet(11)
      number(id.number)
      number(status)
      text(contentType)
      octets(mask.document(body))
    case .onCall(let call, .record(let path)):
      octet(17)
      number(call.number)
      text(path)
    case .hostCall(let caller, let source): hostCall(caller, source, mask: &mask)
    case .onCall(let call, .hostSays(let leg, let news)): hostSays(call, leg, news)
    case .drain: octet(12)
    case .stop: octet(13)
    case .answer:
      answer(command, mask: &mask)
    }
  }

  private mutating func answer(_ command: Command, mask: inout SecretMask) {
    switch command {
    case .answer(let id, .credentials(let username, let password)):
      octet(14)
      number(id.number)
      flag(username != nil)
      text(username.map { mask.secret($0.exposed) } ?? "")
      text(mask.secret(password.exposed))
    case .answer(let id, .target(let decision)):
      octet(15)
      number(id.number)
      self.decision(decision, mask: &mask)
    case .answer(let id, .url(let isAllowed)):
      octet(16)
      number(id.number)
      flag(isAllowed)
    case .answer(let id, .speech(let contentType, let body)):
      // A sound holds no secrets, and is written as it is played.
      octet(18)
      number(id.number)
      text(contentType)
      optional(body) { $0.octets($1) }
    case .answer(_, .request), .set, .call, .hostCall, .onCall, .defaultDocument, .drain, .stop:
      break  // written above
    }
  }

  private mutating func hostCall(
    _ caller: HostCaller, _ source: DocumentSource?, mask: inout SecretMask
  ) {
    octet(30)
    hostCaller(caller)
    optional(source) { $0.document($1, mask: &mask) }
  }

  private mutating func hostSays(_ call: CallNumber, _ leg: LegNumber?, _ news: HostPartyReport) {
    octet(31)
    number(call.number)
    optional(leg) { $0.number($1.number) }
    hostNews(news)
  }

  private mutating func decision(_ decision: TargetDecision, mask: inout SecretMask) {
    switch decision {
    case .asItIs: octet(0)
    case .denied: octet(1)
    case .instead(let uri, let username, let password):
      octet(2)
      text(mask.url(uri))
      flag(username != nil)
      text(username.map { mask.secret($0.exposed) } ?? "")
      text(password.map { mask.secret($0.exposed) } ?? "")
    }
  }

  private mutating func document(_ source: DocumentSource, mask: inout SecretMask) {
    switch source {
    case .text(let body, let baseURL):
      octet(1)
      octets(mask.document(body))
      text(mask.url(baseURL))
    case .url(let url, let method):
      octet(2)
      text(mask.url(url))
      text(method)
    }
  }

  mutating func result(_ result: Result<CommandResult, Refusal>) {
    switch result {
    case .success(.done): octet(1)
    case .success(.called(let call)):
      octet(2)
      number(call.number)
    case .failure(let refusal):
      octet(3)
      signed(Int64(refusal.code))
      text(refusal.text)
    }
  }
}
