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
      return .onCall(call, .run(try document()))
    case 3:
      let party = try text()
      let from = try text()
      return .call(party: party, from: from, try document())
    case 4:
      let call = try call()
      return .onCall(call, .ring(code: try number(as: UInt16.self)))
    case 5: return .onCall(try call(), .answer)
    case 6:
      let call = try call()
      let code = try number(as: UInt16.self)
      return .onCall(call, .reject(code: code, phrase: try text()))
    case 7: return .onCall(try call(), .hangUp)
    case 8: return .onCall(try call(), .endDial)
    case 9:
      let call = try call()
      return .onCall(call, .digit(try octet()))
    case 10:
      let source = try optional {
        (reader: inout FieldReader) throws(Damage) in try reader.document()
      }
      return .defaultDocument(source)
    case 11:
      let id = QuestionID(try number())
      let status = try number(as: UInt16.self)
      let contentType = try text()
      return .answer(id, .request(status: status, contentType: contentType, body: try octets()))
    case 17:
      let call = try call()
      return .onCall(call, .record(path: try text()))
    case 30:
      let caller = try hostCaller()
      let source = try optional {
        (reader: inout FieldReader) throws(Damage) in try reader.document()
      }
      return .hostCall(caller, source)
    case 31:
      let call = try call()
      let leg = try optionalLeg()
      return .onCall(call, .hostSays(leg, try hostNews()))
    case 12: return .drain
    case 13: return .stop
    case 14:
      let id = QuestionID(try number())
      let isGiven = try flag()
      let username = Private(try text())
      let password = Private(try text())
      return .answer(id, .credentials(username: isGiven ? username : nil, password: password))
    case 15:
      let id = QuestionID(try number())
      return .answer(id, .target(try decision()))
    case 16:
      let id = QuestionID(try number())
      return .answer(id, .url(isAllowed: try flag()))
    case 18:
      let id = QuestionID(try number())
      let contentType = try text()
      let body = try optional {
        (reader: inout FieldReader) throws(Damage) in try reader.octets()
      }
      return .answer(id, .speech(contentType: contentType, body: body))
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
