import CSystem
import RCMLBasics

/// One bound socket.
struct ListenerSocket {
  let id: ListenerID
  /// Below 0 = it is closed; its number is not used again.
  private(set) var descriptor: Int32
  let address: ListenerAddress
  /// The same for C, made once: every batch needs it.
  let bound: system_address
  /// It takes no more calls (spec Q-36).
  var isLeaving = false

  init(
    id: ListenerID, descriptor: Int32, address: ListenerAddress, bound: system_address
  ) {
    self.id = id
    self.descriptor = descriptor
    self.address = address
    self.bound = bound
  }

  var isOpen: Bool { descriptor >= 0 }

  mutating func close() {
    if isOpen { system_close(descriptor) }
    descriptor = -1
  }
}
