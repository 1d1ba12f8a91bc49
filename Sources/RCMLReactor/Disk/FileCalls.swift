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
  var remove: @Sendable (_ path: UnsafePointer<CChar>) -> Void = { system_file_remove($0) }
  var close: @Sendable (Int32) -> Void = { system_close($0) }
}
