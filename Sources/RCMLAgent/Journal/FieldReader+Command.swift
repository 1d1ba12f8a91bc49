import RCMLBasics
import RCMLDial

extension FieldReader {
  mutating func command() throws(Damage) -> Command {
    switch try octet() {
    case 1:
      let name = try text()
      return .set(name: name, value: try text())
    case 2:
      let call = try call()
      return .run(call, try document())
    case 3:
      let party = try text()
      let from = try text()
      return .call(party: party, from: from, try document())
    case 4:
      let call = try call()
      return .ring(call, code: try number(as: UInt16.self))
    case 5: return .answer(try call())
    case 6:
      let call = try call()
      let code = try number(as: UInt16.self)
      return .reject(call, code: code, phrase: try text())
    case 7: return .hangUp(try call())
    case 8: return .endDial(try call())
    case 9:
      let call = try call()
      return .digit(call, try octet())
    case 10:
      let source = try optional {
        (reader: inout FieldReader) throws(Damage) in try reader.document()
      }
      return .defaultDocument(source)
    case 11:
      let id = ExchangeID(try number())
      let status = try number(as: UInt16.self)
      let contentType = try text()
      return .answerRequest(id, status: status, contentType: contentType, body: try octets())
    case 17:
      let call = try call()
      return .record(call, path: try text())
    case 30:
      let caller = try hostCaller()
      let source = try optional {
        (reader: inout FieldReader) throws(Damage) in try reader.document()
      }
      return .hostCall(caller, source)
    case 31:
      let call = try call()
      let leg = try optionalLeg()
      return .hostSays(call, leg, try hostNews())
    case 12: return .drain
    case 13: return .stop
    case 14:
      let id = ExchangeID(try number())
      let isGiven = try flag()
      let username = Private(try text())
      let password = Private(try text())
      return .answerCredentials(id, username: isGiven ? username : nil, password: password)
    case 15:
      let id = ExchangeID(try number())
      return .answerTarget(id, try decision())
    case 16:
      let id = ExchangeID(try number())
      return .answerURL(id, isAllowed: try flag())
    case 18:
      let id = ExchangeID(try number())
      let contentType = try text()
      let body = try optional {
        (reader: inout FieldReader) throws(Damage) in try reader.octets()
      }
      return .answerSpeech(id, contentType: contentType, body: body)
    case let kind: throw Damage(text: "there is no command \(kind)")
    }
  }

  private mutating func decision() throws(Damage) -> TargetDecision {
    switch try octet() {
    case 0: return .asItIs
    case 1: return .denied
    case 2:
      let uri = try text()
      let isGiven = try flag()
      let username = Private(try text())
      let password = Private(try text())
      return .instead(
        uri: uri, username: isGiven ? username : nil, password: isGiven ? password : nil)
    case let kind: throw Damage(text: "there is no decision \(kind)")
    }
  }

  mutating func call() throws(Damage) -> CallNumber { CallNumber(try number()) }

  private mutating func document() throws(Damage) -> DocumentSource {
    switch try octet() {
    case 1:
      let body = try octets()
      return .text(body, baseURL: try text())
    case 2:
      let url = try text()
      return .url(url, method: try text())
    case let kind: throw Damage(text: "there is no document source \(kind)")
    }
  }

  mutating func result() throws(Damage) -> Result<CommandResult, Refusal> {
    switch try octet() {
    case 1: return .success(.done)
    case 2: return .success(.called(try call()))
    case 3:
      guard let code = Int32(exactly: try signed()) else {
        throw Damage(text: "a refusal has no such code")
      }
      return .failure(Refusal(code: code, text: try text()))
    case let kind: throw Damage(text: "there is no result \(kind)")
    }
  }
}
