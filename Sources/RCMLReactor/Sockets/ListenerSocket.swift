import CSystem
import RCMLBasics

/// One bound socket.
struct ListenerSocket {
  let id: ListenerID
  let descriptor: Int32
  let address: ListenerAddress
  /// The same for C, made once: every batch needs it.
  let bound: system_address
}
