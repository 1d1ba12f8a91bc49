/// First in, first out, for what one part leaves and another takes at once: it is empty most of the time.
///
/// A value is moved in and out and never copied: reading it from an array counts its references up, and the array's own
/// copy counts them down later. That was a tenth of a call's instructions. Inlinable, because each room has values of its
/// own and the compiler is to know them.
public struct HandoverQueue<Element>: ~Copyable {
  @usableFromInline var room: UnsafeMutablePointer<Element>
  @usableFromInline var capacity = 8
  /// What is left stands from here …
  @usableFromInline var head = 0
  /// … to here.
  @usableFromInline var end = 0

  @inlinable
  public init() { room = .allocate(capacity: 8) }

  @inlinable
  deinit {
    (room + head).deinitialize(count: end - head)
    room.deallocate()
  }

  @inlinable
  public var isEmpty: Bool { head == end }

  @inlinable
  public mutating func append(_ element: consuming Element) {
    if end == capacity { makeRoom() }
    (room + end).initialize(to: element)
    end += 1
  }

  @inlinable
  public mutating func popFirst() -> Element? {
    guard head < end else { return nil }
    let first = (room + head).move()
    head += 1
    if head == end {
      head = 0
      end = 0
      if capacity > 1_024 { giveBack() }
    }
    return first
  }

  /// Nothing of what is left is another.
  @inlinable
  public func allSatisfy(_ isOne: (borrowing Element) -> Bool) -> Bool {
    for place in head..<end where !isOne(room[place]) { return false }
    return true
  }

  /// What a rush has taken.
  @usableFromInline
  mutating func giveBack() {
    room.deallocate()
    capacity = 8
    room = .allocate(capacity: capacity)
  }

  /// In front, if at least half of the room is there; otherwise in twice as much.
  @usableFromInline
  mutating func makeRoom() {
    let count = end - head
    if head >= capacity / 2 {
      room.moveInitialize(from: room + head, count: count)
    } else {
      let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: room + head, count: count)
      room.deallocate()
      room = larger
      capacity *= 2
    }
    head = 0
    end = count
  }
}
