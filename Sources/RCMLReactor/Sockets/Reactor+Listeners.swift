import CSystem
import RCMLAgent
import RCMLBasics

/// Opening listeners.
extension Reactor {
  /// Opens a listener at `text`, `udp:127.0.0.1:5060` (spec Q-4), and tells where it is bound. Nothing stays open
  /// when it fails.
  @discardableResult
  package func listen(_ text: String) throws(ReactorError) -> ListenerAddress {
    try check()
    return try listen(ListenerAddress(parsing: text))
  }

  /// Every address we listen on, as it is bound, in the order in which they were opened.
  package var boundAddresses: [ListenerAddress] { listeners.map(\.address) }

  @discardableResult
  package func listen(_ wanted: ListenerAddress) throws(ReactorError) -> ListenerAddress {
    try check()
    let now = Reactor.clock()
    try startOnce(now)
    var bound = wanted.address.system
    let socket = wanted.transport == .udp ? system_udp_bind(&bound) : system_tcp_listen(&bound)
    guard socket >= 0 else { throw Reactor.bindError(wanted, socket) }
    let index = listeners.count
    let kind = wanted.transport == .udp ? Tag.datagrams : Tag.acceptor
    let status = system_epoll_set(descriptor, socket, 1, Tag.make(kind, UInt64(index)))
    guard status == 0 else {
      system_close(socket)
      throw ReactorError(.system, "\(wanted.text) cannot be watched: \(errorText(status))")
    }
    let address = ListenerAddress(wanted.transport, SocketAddress(bound))
    let listener = ListenerSocket(
      id: ListenerID(UInt32(truncatingIfNeeded: index)), descriptor: socket, address: address,
      bound: bound)
    listeners.append(listener)
    feed(.listening(listener.id, address.transport, local: address.address), now)
    finishStep(now)
    return address
  }

  private static let inUse: Int32 = -98
  private static let notPermitted: Set<Int32> = [-13, -1]
  private static let notOurs: Int32 = -99
  private static let noFamily: Int32 = -97

  private static func bindError(_ wanted: ListenerAddress, _ code: Int32) -> ReactorError {
    let why =
      switch code {
      case inUse: "the port is in use; end the other program, or take another port"
      case _ where notPermitted.contains(code):
        "that is not permitted; take a port from 1024 up, or run with the right to bind it"
      case notOurs: "the address is none of this machine's"
      case noFamily: "this machine does not speak that kind of address"
      default: errorText(code)
      }
    return ReactorError(.bind, "cannot listen on \(wanted.text): \(why)")
  }
}
