/// Things found by a number that is never reused: an array index and the count of how often that place was taken.
///
/// Finding one is an index and a comparison; nothing is hashed and nothing is searched. Nobody
/// outside of this room needs it.
struct SlotTable<Element> {
  private struct Slot {
    var generation: UInt32
    var element: Element?
  }

  private var slots: [Slot] = []
  private var free: [UInt32] = []
  private(set) var count = 0

  init() {}

  /// Numbers start at 2^32, so 0 is never one.
  mutating func insert(_ make: (UInt64) -> Element) -> UInt64 { add(make).number }

  /// The same, and what was made.
  mutating func add(
    _ make: (UInt64) -> Element
  ) -> (number: UInt64, element: Element) {
    count += 1
    if let index = free.popLast() {
      let place = Int(index)
      slots[place].generation &+= 1
      let number = UInt64(slots[place].generation) << 32 | UInt64(index)
      let element = make(number)
      slots[place].element = element
      return (number, element)
    }
    let index = UInt32(slots.count)
    let number = 1 << 32 | UInt64(index)
    let element = make(number)
    slots.append(Slot(generation: 1, element: element))
    return (number, element)
  }

  subscript(number: UInt64) -> Element? {
    let index = Int(number & 0xffff_ffff)
    guard index < slots.count, UInt64(slots[index].generation) == number >> 32 else { return nil }
    return slots[index].element
  }

  /// One after the other: not for what happens often.
  func contains(where isWanted: (Element) -> Bool) -> Bool {
    slots.contains { slot in slot.element.map(isWanted) ?? false }
  }

  @discardableResult
  mutating func remove(_ number: UInt64) -> Element? {
    let index = Int(number & 0xffff_ffff)
    guard index < slots.count, UInt64(slots[index].generation) == number >> 32,
      let element = slots[index].element
    else { return nil }
    slots[index].element = nil
    // A place whose count is used up stays empty: a number never comes back.
    if slots[index].generation != .max { free.append(UInt32(index)) }
    count -= 1
    return element
  }
}
