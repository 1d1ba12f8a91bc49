import CRCML
import CSystem
import Glibc

/// The door through which every function of the header comes in (header: THREADS, ERRORS).
enum Entry {
  /// A [loop] function. `driving` marks those that a function of rcml_agent_run may not call.
  static func loop(
    _ agent: OpaquePointer?, _ error: UnsafeMutablePointer<rcml_error>? = nil,
    driving: Bool = false, run: Bool = false,
    _ body: (AgentHandle) throws(Failure) -> Int32
  ) -> Int32 {
    guard let handle = AgentTable.shared.find(agent) else {
      return Failure.notAnAgent.write(to: error)
    }
    guard handle.isOwned else { return Failure.forked.write(to: error) }
    guard system_memory_is_kept() else { return Failure.noMemory.write(to: error) }
    guard handle.enter(driving: driving, run: run) else { return Failure.busy.write(to: error) }
    defer { handle.leave() }
    do throws(Failure) {
      return try body(handle)
    } catch let failure {
      return failure.write(to: error)
    }
  }

  /// A function that hands over frames: any thread, one after the other (spec Q-36).
  static func frames(
    _ agent: OpaquePointer?, _ body: (AgentHandle) throws(Failure) -> Int32
  ) -> Int32 {
    guard let handle = AgentTable.shared.find(agent) else { return RCML_E_HANDLE.rawValue }
    guard handle.isOwned else { return RCML_E_FORK.rawValue }
    guard system_memory_is_kept() else { return Failure.noMemory.write(to: nil) }
    let status = handle.visit()
    guard status == RCML_OK else { return status.rawValue }
    defer { handle.endVisit() }
    do throws(Failure) {
      return try body(handle)
    } catch let failure {
      return failure.write(to: nil)
    }
  }

  /// An [any] function of an agent.
  static func any(_ agent: OpaquePointer?, _ body: (AgentHandle) -> Void) -> Int32 {
    guard let handle = AgentTable.shared.find(agent) else { return RCML_E_HANDLE.rawValue }
    guard handle.isOwned else { return RCML_E_FORK.rawValue }
    body(handle)
    return RCML_OK.rawValue
  }

  /// A function without an agent.
  static func free(
    _ error: UnsafeMutablePointer<rcml_error>?, _ body: () throws(Failure) -> Int32
  ) -> Int32 {
    guard system_memory_is_kept() else { return Failure.noMemory.write(to: error) }
    do throws(Failure) {
      return try body()
    } catch let failure {
      return failure.write(to: error)
    }
  }
}
