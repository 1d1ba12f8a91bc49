import RCMLBasics
import RCMLMedia

/// Every effect of the core, as data. Order is meaning: perform them one after the other.
public enum Output: Equatable {
  case network(NetworkOutput)
  case names(NameCommand)
  indirect case web(ExchangeID, WebCommand)
  /// Elsewhere than the others, which are small.
  indirect case media(MediaCommand)
  case tell(HostEvent)
}
