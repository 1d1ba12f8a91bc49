import RCMLBasics
import RCMLDial

/// Whose session it is: the way back from SIP to a call.
struct CallOwner: Hashable {
  var call: CallNumber
  var party: Party
}
