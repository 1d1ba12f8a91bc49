/// The last few keys of a kind.
struct RecentKeys {
  static let limit = 64

  private var order: [SoundKey] = []
  private var keys: Set<SoundKey> = []

  func contains(_ key: SoundKey) -> Bool { keys.contains(key) }

  mutating func insert(_ key: SoundKey) {
    guard keys.insert(key).inserted else { return }
    order.append(key)
    if order.count > RecentKeys.limit { keys.remove(order.removeFirst()) }
  }

  mutating func remove(_ key: SoundKey) {
    guard keys.remove(key) != nil else { return }
    order.removeAll { $0 == key }
  }
}
