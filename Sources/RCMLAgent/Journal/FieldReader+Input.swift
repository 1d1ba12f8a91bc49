import RCMLBasics

extension FieldReader {
  /// Octets of the input point into the journal.
  mutating func input() throws(Damage) -> Input {
    switch try octet() {
    case 1:
      let entropy = try octets()
      return .started(entropy: entropy, wall: try wall())
    case 2: return .wallClock(try wall())
    case 3:
      let id = try listener()
      let transport = try raw(Transport.self)
      return .network(.listening(id, transport, local: try address()))
    case 4: return .network(.listenerClosed(try listener()))
    case 5:
      let id = try listener()
      let source = try address()
      let local = try address()
      return .network(.datagram(id, from: source, local: local, bytes: try lent()))
    case 6:
      let id = try listener()
      return .network(.datagramRefused(id, to: try address()))
    case 7:
      let id = try connection()
      let listener = try listener()
      let local = try address()
      return .network(.streamAccepted(id, listener, local: local, remote: try address()))
    case 8:
      let id = try connection()
      return .network(.streamConnected(id, local: try address()))
    case 9: return .network(.streamFailed(try connection()))
    case 10:
      let id = try connection()
      return .network(.streamBytes(id, bytes: try lent()))
    case 11: return .network(.streamClosed(try connection()))
    case let kind: return try answer(kind)
    }
  }

  private mutating func answer(_ kind: UInt8) throws(Damage) -> Input {
    switch kind {
    case 12:
      let id = ResolutionID(try number())
      return .names(
        id,
        .addresses(try list { (reader: inout FieldReader) throws(Damage) in try reader.address() }))
    case 13: return .names(ResolutionID(try number()), .failed)
    case 14:
      let destination = try address()
      return .network(.routeFound(to: destination, local: try address()))
    case 15:
      let id = ExchangeID(try number())
      let status = try number(as: UInt16.self)
      let contentType = try text()
      let location = try text()
      let answer = HTTPAnswer(
        status: status, contentType: contentType, location: location, body: try octets())
      return .web(id, .answered(answer))
    case 16:
      let id = ExchangeID(try number())
      return .web(id, .failed(try raw(HTTPFailure.self)))
    case 17: return .timePassed
    case 18:
      let id = ResolutionID(try number())
      return .names(
        id,
        .services(try list { (reader: inout FieldReader) throws(Damage) in try reader.service() }))
    case 19:
      let id = ResolutionID(try number())
      return .names(
        id,
        .pointers(try list { (reader: inout FieldReader) throws(Damage) in try reader.pointer() }))
    case 20: return .media(try mediaEvent())
    default: throw Damage(text: "there is no input \(kind)")
    }
  }

  private mutating func service() throws(Damage) -> ServiceRecord {
    let priority = try number(as: UInt16.self)
    let weight = try number(as: UInt16.self)
    let port = try number(as: UInt16.self)
    return ServiceRecord(priority: priority, weight: weight, port: port, target: try octets())
  }

  private mutating func pointer() throws(Damage) -> PointerRecord {
    let order = try number(as: UInt16.self)
    let preference = try number(as: UInt16.self)
    let flags = try octets()
    let service = try octets()
    return PointerRecord(
      order: order, preference: preference, flags: flags, service: service,
      replacement: try octets())
  }

  mutating func listener() throws(Damage) -> ListenerID { ListenerID(try number(as: UInt32.self)) }
  mutating func connection() throws(Damage) -> ConnectionID { ConnectionID(try number()) }

  private mutating func wall() throws(Damage) -> WallClock {
    let unix = try signed()
    return WallClock(unixMicroseconds: unix, at: Instant(nanoseconds: try number()))
  }
}
