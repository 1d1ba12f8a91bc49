import RCMLBasics
import RCMLDial

/// Parties of the host's own, in a journal.
extension FieldWriter {
  mutating func hostCaller(_ caller: HostCaller) {
    text(caller.from)
    text(caller.to)
    text(caller.name)
    octet(caller.media.rawValue)
    octets(caller.sdp)
  }

  mutating func hostNews(_ news: HostNews) {
    switch news {
    case .rings(let code, let sdp):
      octet(1)
      number(code)
      octets(sdp)
    case .answers(let sdp):
      octet(2)
      octets(sdp)
    case .offers(let sdp):
      octet(3)
      octets(sdp)
    case .refuses(let code):
      octet(4)
      number(code)
    case .ends(let code):
      octet(5)
      number(code)
    case .presses(let key):
      octet(6)
      octet(key)
    }
  }

  mutating func hostAction(_ action: HostAction, mask: inout SecretMask) {
    switch action {
    case .ring(let code, let sdp):
      octet(1)
      number(code)
      octets(sdp)
    case .answer(let sdp):
      octet(2)
      octets(sdp)
    case .reject(let code, let phrase):
      octet(3)
      number(code)
      text(phrase)
    case .hangUp: octet(4)
    case .call(let invite):
      octet(5)
      text(invite.to)
      text(invite.from)
      octet(invite.media.rawValue)
      list(invite.headers) { $0.header(mask.header($1)) }
      octets(invite.sdp)
    case .offer(let sdp):
      octet(6)
      octets(sdp)
    case .accepted(let sdp):
      octet(7)
      octets(sdp)
    case .refused(let code):
      octet(8)
      number(code)
    case .key(let key):
      octet(9)
      octet(key)
    }
  }
}
