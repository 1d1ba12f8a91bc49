import RCMLBasics
import RCMLMedia

/// Every effect of the core, as data. Order is meaning: perform them one after the other.
public enum Output: Equatable {
  case network(NetworkOutput)
  case names(NameCommand)
  case web(ExchangeID, WebCommand)
  case media(MediaCommand)
  case tell(HostEvent)
}
