/// Structs that begin with `struct_size`: an older program's are shorter than ours, a newer one's longer. Neither
/// side reads or writes further than both know (header: VERSIONS).
enum SizedStruct {
  /// What the caller says about its size, no more than ours; nil = it was not set up.
  static func size<T>(of pointer: UnsafePointer<T>) -> Int? {
    let given = UnsafeRawPointer(pointer).load(as: Int.self)
    guard given >= MemoryLayout<Int>.size, given <= 65_536 else { return nil }
    return min(given, MemoryLayout<T>.size)
  }

  static func size<T>(of pointer: UnsafeMutablePointer<T>) -> Int? {
    size(of: UnsafePointer(pointer))
  }

  /// Copies everything behind `struct_size`. False = the struct was not set up.
  static func write<T>(_ value: T, to target: UnsafeMutablePointer<T>) -> Bool {
    guard let size = size(of: target) else { return false }
    let first = MemoryLayout<Int>.size
    withUnsafeBytes(of: value) { bytes in
      UnsafeMutableRawPointer(target).advanced(by: first).copyMemory(
        from: UnsafeRawPointer(bytes.baseAddress ?? UnsafeRawPointer(target)) + first,
        byteCount: size - first)
    }
    return true
  }

  /// The caller's struct; members it does not have are those of `otherwise`.
  static func read<T>(_ source: UnsafePointer<T>, otherwise: T) -> T? {
    guard let size = size(of: source) else { return nil }
    var value = otherwise
    withUnsafeMutableBytes(of: &value) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: size))
    }
    return value
  }
}
