import RCMLBasics

extension FieldWriter {
  /// `mask` sees every body that may hold a document, and every octet of a message.
  mutating func input(_ input: Input, mask: inout SecretMask) {
    switch input {
    case .started(let entropy, let wall):
      octet(1)
      octets(entropy)
      self.wall(wall)
    case .wallClock(let wall):
      octet(2)
      self.wall(wall)
    case .network(.listening(let id, let transport, let local)):
      octet(3)
      number(id.number)
      octet(transport.rawValue)
      address(local)
    case .network(.listenerClosed(let id)):
      octet(4)
      number(id.number)
    case .network(.datagram(let id, let source, let local, let bytes)):
      octet(5)
      number(id.number)
      address(source)
      address(local)
      octets(mask.message(Array(bytes)))
    case .network(.datagramRefused(let id, let destination)):
      octet(6)
      number(id.number)
      address(destination)
    case .network(.streamAccepted(let id, let listener, let local, let remote)):
      octet(7)
      number(id.number)
      number(listener.number)
      address(local)
      address(remote)
    case .network(.streamConnected(let id, let local)):
      octet(8)
      number(id.number)
      address(local)
    case .network(.streamFailed(let id)):
      octet(9)
      number(id.number)
      mask.streamEnded(id)
    case .network(.streamBytes(let id, let bytes)):
      octet(10)
      number(id.number)
      octets(mask.stream(id, Array(bytes)))
    case .network(.streamClosed(let id)):
      octet(11)
      number(id.number)
      mask.streamEnded(id)
    case .media(let event):
      octet(20)
      mediaEvent(event)
    case .network(.routeFound), .names, .web, .timePassed:
      answer(input, mask: &mask)
    }
  }

  /// The inputs that answer an output of ours.
  private mutating func answer(_ input: Input, mask: inout SecretMask) {
    switch input {
    case .names(let id, .addresses(let addresses)):
      octet(12)
      number(id.number)
      list(addresses) { $0.address($1) }
    case .names(let id, .failed):
      octet(13)
      number(id.number)
    case .network(.routeFound(let destination, let local)):
      octet(14)
      address(destination)
      address(local)
    case .web(let id, .answered(let answer)):
      octet(15)
      number(id.number)
      number(answer.status)
      text(answer.contentType)
      text(mask.url(answer.location))
      octets(mask.document(answer.body))
    case .web(let id, .failed(let failure)):
      octet(16)
      number(id.number)
      octet(failure.rawValue)
    case .timePassed:
      octet(17)
    case .names(let id, .services(let records)):
      octet(18)
      number(id.number)
      list(records) {
        $0.number($1.priority)
        $0.number($1.weight)
        $0.number($1.port)
        $0.octets($1.target)
      }
    case .names(let id, .pointers(let records)):
      octet(19)
      number(id.number)
      list(records) {
        $0.number($1.order)
        $0.number($1.preference)
        $0.octets($1.flags)
        $0.octets($1.service)
        $0.octets($1.replacement)
      }
    case .started, .wallClock, .network, .media:
      break  // written above
    }
  }

  private mutating func wall(_ value: WallClock) {
    signed(value.unixMicroseconds)
    number(value.instant.nanoseconds)
  }
}
