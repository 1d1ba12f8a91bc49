/// Which SIP messages were seen before, to mark those that are sent again. It forgets the oldest when there are many.
struct SeenMessages {
  private var recent: Set<[UInt8]> = []
  private var older: Set<[UInt8]> = []
  /// Messages of one half.
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// True: for the first time.
  mutating func insert(_ octets: [UInt8], isSent: Bool) -> Bool {
    var key = octets
    key.append(isSent ? 1 : 0)
    if older.contains(key) { return false }
    if recent.count >= limit {
      older = recent
      recent = []
    }
    return recent.insert(key).inserted
  }
}
