import CSystem

/// What is asked of the system about files that are written. Each returns 0 or a negative error number, `create` a
/// descriptor. A test puts a slow disk in their place.
struct FileCalls: Sendable {
  /// A new file; never one that is there already.
  var create: @Sendable (_ path: UnsafePointer<CChar>) -> Int32 = { system_file_create_new($0) }
  var append: @Sendable (Int32, UnsafeRawBufferPointer) -> Int32 = {
    system_file_write($0, $1.baseAddress, $1.count)
  }
  var write: @Sendable (Int32, UnsafeRawBufferPointer, _ offset: UInt64) -> Int32 = {
    system_file_write_at($0, $2, $1.baseAddress, $1.count)
  }
  var extend: @Sendable (Int32, _ length: UInt64) -> Int32 = { system_file_extend($0, $1) }
  /// How many octets may be written.
  var room: @Sendable (Int32, _ reserve: Int) -> Int64 = {
    system_file_room($0, UInt64(max(0, $1)))
  }
  /// The file at a path goes to another, and a new one takes its place.
  var beginAnew: @Sendable (_ path: UnsafePointer<CChar>, _ older: UnsafePointer<CChar>) -> Int32 =
    {
      let status = system_file_replace($0, $1)
      return status < 0 ? status : system_file_create($0)
    }
  var remove: @Sendable (_ path: UnsafePointer<CChar>) -> Void = { system_file_remove($0) }
  var close: @Sendable (Int32) -> Void = { system_close($0) }
}
