import CRCML
import Glibc

/// Every agent that was created and not destroyed. What a host holds is the key of an entry, never an address of
/// ours: a stale or invented pointer is found out instead of followed (failures H9).
final class AgentTable: @unchecked Sendable {
  static let shared = AgentTable()

  private let mutex = Mutex()
  private var agents: [UInt: AgentHandle] = [:]
  private var nextKey: UInt = 0x52_43_4D_4C_00_10

  private init() {
    // A fork while another thread stands in `find` must not leave the child with a locked table (failures H6).
    _ = pthread_atfork(
      { AgentTable.shared.mutex.lock() }, { AgentTable.shared.mutex.unlock() },
      { AgentTable.shared.mutex.unlock() })
  }

  func add(_ agent: AgentHandle) -> OpaquePointer? {
    mutex.hold {
      let key = nextKey
      nextKey &+= 16
      agents[key] = agent
      return OpaquePointer(bitPattern: key)
    }
  }

  func find(_ pointer: OpaquePointer?) -> AgentHandle? {
    guard let pointer else { return nil }
    return mutex.hold { agents[UInt(bitPattern: pointer)] }
  }

  /// False when somebody else was faster.
  func remove(_ pointer: OpaquePointer?) -> Bool {
    guard let pointer else { return false }
    return mutex.hold { agents.removeValue(forKey: UInt(bitPattern: pointer)) != nil }
  }
}
