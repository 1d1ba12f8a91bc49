import RCMLBasics
import RCMLDial

extension FieldReader {
  mutating func hostCaller() throws(Damage) -> HostCaller {
    let from = try text()
    let to = try text()
    let name = try text()
    let media = try raw(HostMedia.self)
    return HostCaller(from: from, to: to, name: name, media: media, sdp: try octets())
  }

  mutating func hostNews() throws(Damage) -> HostNews {
    switch try octet() {
    case 1:
      let code = try number(as: UInt16.self)
      return .rings(code: code, sdp: try octets())
    case 2: return .answers(sdp: try octets())
    case 3: return .offers(sdp: try octets())
    case 4: return .refuses(code: try number(as: UInt16.self))
    case 5: return .ends(code: try number(as: UInt16.self))
    case 6: return .presses(try octet())
    case let kind: throw Damage(text: "the host has no news \(kind)")
    }
  }

  mutating func hostAction() throws(Damage) -> HostAction {
    switch try octet() {
    case 1:
      let code = try number(as: UInt16.self)
      return .ring(code: code, sdp: try octets())
    case 2: return .answer(sdp: try octets())
    case 3:
      let code = try number(as: UInt16.self)
      return .reject(code: code, phrase: try text())
    case 4: return .hangUp
    case 5:
      let to = try text()
      let from = try text()
      let media = try raw(HostMedia.self)
      let headers = try list { (reader: inout FieldReader) throws(Damage) in try reader.header() }
      return .call(
        HostInvite(to: to, from: from, media: media, headers: headers, sdp: try octets()))
    case 6: return .offer(sdp: try octets())
    case 7: return .accepted(sdp: try octets())
    case 8: return .refused(code: try number(as: UInt16.self))
    case 9: return .key(try octet())
    case let kind: throw Damage(text: "a host has nothing to do \(kind)")
    }
  }

  mutating func optionalLeg() throws(Damage) -> LegNumber? {
    try optional { (reader: inout FieldReader) throws(Damage) in
      LegNumber(try reader.number(as: UInt32.self))
    }
  }
}
