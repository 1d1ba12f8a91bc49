import CSystem
import Foundation
import Testing

/// How much of a disk recordings and journals may still take.
@Suite struct DiskRoomTests {
  private func room(of path: String, reserve: UInt64) throws -> Int64 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    return system_file_room(descriptor, reserve)
  }

  @Test func aFileHasTheRoomOfItsDiskAndNotMore() throws {
    let path = NSTemporaryDirectory() + "rcml-room-\(UUID().uuidString)"
    defer { unlink(path) }
    let left = try room(of: path, reserve: 1)
    #expect(left >= 0 && left < Int64.max)
  }

  @Test func whoReservesNothingAndWhatIsNoFileHasAnyRoom() throws {
    let path = NSTemporaryDirectory() + "rcml-room-\(UUID().uuidString)"
    defer { unlink(path) }
    #expect(try room(of: path, reserve: 0) == Int64.max)
    #expect(try room(of: "/dev/null", reserve: 1) == Int64.max)
  }
}
