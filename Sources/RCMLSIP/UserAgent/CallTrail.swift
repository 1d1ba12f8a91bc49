/// By which calls an INVITE has come here, and how far it may still spread (spec Y-6). In the header `RCML-Trail` stands a number of the first call that
/// it comes of, and a mark of each server of our kind that it went through. Proxies leave it alone, and such a server
/// hands on what others wrote.
public struct CallTrail: Hashable, Sendable {
  /// Of the call that began it all, here or elsewhere; nil = none has come by a server of our kind. Its last eight bits
  /// are none.
  public var root: UInt64?
  /// How many calls of ours, one out of the other, it comes of; nil = it has not been here before.
  public var depth: UInt8?
  /// The marks of other servers, as they stand.
  public var others: [[UInt8]] = []
  /// How many branches may come of it (RFC 5393 §5.3.1); nil = it does not say.
  public var maxBreadth: UInt8?

  public init(root: UInt64? = nil, depth: UInt8? = nil, maxBreadth: UInt8? = nil) {
    self.maxBreadth = maxBreadth
    self.root = root.map { $0 & ~0xff }
    self.depth = depth
  }

  /// Of a call with this number, which is the first one unless somebody else was.
  public func rooted(at call: UInt64) -> CallTrail {
    var trail = self
    trail.root = root ?? call & ~0xff
    return trail
  }

  /// What a leg of this call carries.
  public func onward(maxBreadth: UInt8) -> CallTrail {
    var next = self
    next.maxBreadth = maxBreadth
    next.depth = depth.map { $0 < .max ? $0 + 1 : $0 } ?? 1
    return next
  }
}
