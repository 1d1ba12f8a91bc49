import RCMLRehearsal

// What the simulator shares with rehearsals: virtual time and its chance. Their phones it does not share: those of the
// simulator read and write SIP without a look at RCMLSIP.
typealias Agenda<Event> = RCMLRehearsal.Agenda<Event>
package typealias Dice = RCMLRehearsal.Dice
