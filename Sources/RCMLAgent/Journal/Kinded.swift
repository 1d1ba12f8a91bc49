/// An enum whose cases a journal tells apart by a number. The numbers belong to the format: none is used twice.
protocol Kinded {
  associatedtype Kind: RawRepresentable, CaseIterable, Hashable where Kind.RawValue == UInt8
  var kind: Kind { get }
}
