/// Which question about a server comes next (RFC 3263 §4, spec T-2). What was asked and found is `ServerLocation`'s.
///
/// Table: Location.table.md.
public struct LocationMachine: Sendable {
  public enum Effect: UInt8, Sendable {
    /// NAPTR of the host.
    case askPointers = 1
    /// SRV of the service.
    case askServices
    /// A and AAAA of the target whose turn it is.
    case askAddresses
    case tryAddresses
    case fail
  }

  private enum State {
    case new
    case askingPointers
    case askingServices
    case askingAddresses
    /// There are addresses to be tried.
    case trying
    case failed
  }

  private var state: State = .new

  public init() {}

  /// The URI has a numeric host.
  public mutating func addressGiven() -> EffectList<Effect> {
    switch state {
    case .new: go(.trying, .tryAddresses)
    case .askingPointers, .askingServices, .askingAddresses, .trying, .failed: .none
    }
  }

  /// The URI has a name and a port: no NAPTR, no SRV.
  public mutating func portGiven() -> EffectList<Effect> {
    switch state {
    case .new: go(.askingAddresses, .askAddresses)
    case .askingPointers, .askingServices, .askingAddresses, .trying, .failed: .none
    }
  }

  /// A name without a port, and the transport is known.
  public mutating func transportGiven() -> EffectList<Effect> {
    switch state {
    case .new: go(.askingServices, .askServices)
    case .askingPointers, .askingServices, .askingAddresses, .trying, .failed: .none
    }
  }

  /// A name and nothing else, and NAPTR may say which transport.
  public mutating func transportOpen() -> EffectList<Effect> {
    switch state {
    case .new: go(.askingPointers, .askPointers)
    case .askingPointers, .askingServices, .askingAddresses, .trying, .failed: .none
    }
  }

  public mutating func pointersFound() -> EffectList<Effect> {
    switch state {
    case .askingPointers: go(.askingServices, .askServices)
    case .new, .askingServices, .askingAddresses, .trying, .failed: .none
    }
  }

  public mutating func servicesFound() -> EffectList<Effect> {
    switch state {
    case .askingServices: go(.askingAddresses, .askAddresses)
    case .new, .askingPointers, .askingAddresses, .trying, .failed: .none
    }
  }

  /// One SRV record with the target ".": decidedly not here (RFC 2782).
  public mutating func serviceDenied() -> EffectList<Effect> {
    switch state {
    case .askingServices: go(.failed, .fail)
    case .new, .askingPointers, .askingAddresses, .trying, .failed: .none
    }
  }

  public mutating func addressesFound() -> EffectList<Effect> {
    switch state {
    case .askingAddresses: go(.trying, .tryAddresses)
    case .new, .askingPointers, .askingServices, .trying, .failed: .none
    }
  }

  /// This target has no address, but there is another one.
  public mutating func targetMissing() -> EffectList<Effect> {
    switch state {
    case .askingAddresses: go(.askingAddresses, .askAddresses)
    case .new, .askingPointers, .askingServices, .trying, .failed: .none
    }
  }

  /// No record that helps, no such name, or no answer.
  public mutating func nothingFound() -> EffectList<Effect> {
    switch state {
    case .askingPointers: go(.askingServices, .askServices)
    case .askingServices: go(.askingAddresses, .askAddresses)
    case .askingAddresses: go(.failed, .fail)
    case .new, .trying, .failed: .none
    }
  }

  /// Every address was tried, and another target is left.
  public mutating func addressesUsedUp() -> EffectList<Effect> {
    switch state {
    case .trying: go(.askingAddresses, .askAddresses)
    case .new, .askingPointers, .askingServices, .askingAddresses, .failed: .none
    }
  }

  /// Every address of every target was tried.
  public mutating func targetsUsedUp() -> EffectList<Effect> {
    switch state {
    case .trying: go(.failed, .fail)
    case .new, .askingPointers, .askingServices, .askingAddresses, .failed: .none
    }
  }

  /// The questions took too long.
  public mutating func timeExpired() -> EffectList<Effect> {
    switch state {
    case .askingPointers, .askingServices, .askingAddresses: go(.failed, .fail)
    case .new, .trying, .failed: .none
    }
  }

  private mutating func go(_ next: State, _ effect: Effect) -> EffectList<Effect> {
    state = next
    return EffectList(effect)
  }

  public var isAskingPointers: Bool { if case .askingPointers = state { true } else { false } }
  public var isAskingServices: Bool { if case .askingServices = state { true } else { false } }
  public var isAskingAddresses: Bool { if case .askingAddresses = state { true } else { false } }

  public var stateName: StaticString {
    switch state {
    case .new: "new"
    case .askingPointers: "askingPointers"
    case .askingServices: "askingServices"
    case .askingAddresses: "askingAddresses"
    case .trying: "trying"
    case .failed: "failed"
    }
  }
}
