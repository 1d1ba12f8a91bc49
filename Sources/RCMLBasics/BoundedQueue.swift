/// First in, first out, never more than `limit`: whoever appends learns when there is no room.
public struct BoundedQueue<Element> {
  private var storage: [Element?] = []
  private var head = 0
  public let limit: Int
  public private(set) var count = 0

  public init(limit: Int) {
    precondition(limit > 0, "a queue needs room for one")
    self.limit = limit
  }

  public var isEmpty: Bool { count == 0 }

  /// False, and nothing is changed, when the queue is full.
  public mutating func append(_ element: Element) -> Bool {
    guard count < limit else { return false }
    if count == storage.count { grow() }
    storage[(head + count) % storage.count] = element
    count += 1
    return true
  }

  public mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = storage[head]
    storage[head] = nil
    head = (head + 1) % storage.count
    count -= 1
    return element
  }

  private mutating func grow() {
    var larger: [Element?] = []
    larger.reserveCapacity(max(8, storage.count * 2))
    for offset in 0..<count { larger.append(storage[(head + offset) % storage.count]) }
    larger += Array(repeating: nil, count: min(limit, max(8, storage.count * 2)) - count)
    storage = larger
    head = 0
  }
}
