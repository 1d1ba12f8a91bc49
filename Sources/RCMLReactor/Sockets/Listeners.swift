import CSystem
import RCMLAgent
import RCMLBasics

/// The sockets that SIP is listened for at, in the order in which they were opened.
final class Listeners {
  private let poll: Poll
  private(set) var all: [ListenerSocket] = []

  init(poll: Poll) { self.poll = poll }

  /// Nothing stays open when it fails.
  func open(_ wanted: ListenerAddress) throws(ReactorError) -> ListenerSocket {
    var bound = wanted.address.system
    let socket = wanted.transport == .udp ? system_udp_bind(&bound) : system_tcp_listen(&bound)
    guard socket >= 0 else { throw Listeners.bindError(wanted, socket) }
    let index = all.count
    let kind = wanted.transport == .udp ? Tag.datagrams : Tag.acceptor
    let status = poll.watch(socket, 1, Tag.make(kind, UInt64(index)))
    guard status == 0 else {
      system_close(socket)
      throw ReactorError(.system, "\(wanted.text) cannot be watched: \(errorText(status))")
    }
    let address = ListenerAddress(
      wanted.transport, SocketAddress(bound), outside: wanted.outside)
    let listener = ListenerSocket(
      id: ListenerID(UInt32(truncatingIfNeeded: index)), descriptor: socket, address: address,
      bound: bound)
    all.append(listener)
    return listener
  }

  func close() {
    for index in all.indices { all[index].close() }
  }

  /// The port is free.
  func close(_ id: ListenerID) {
    let index = Int(id.number)
    guard index < all.count, all[index].isOpen else { return }
    poll.forget(all[index].descriptor)
    all[index].close()
  }

  /// It takes no more calls; nil = there is none, or it has been said before.
  func leave(_ index: Int) -> ListenerSocket? {
    guard all.indices.contains(index), !all[index].isLeaving else { return nil }
    all[index].isLeaving = true
    return all[index]
  }

  var openCount: Int { all.count { $0.isOpen } }

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
