"""Checks of a reminder plan against a contact policy: P010 hours that are never open, P013 touches that a cap holds back."""

from __future__ import annotations

from bot.domain.diagnostics import Place, Severity
from bot.policy.contact_policy import ContactPolicy, Purpose, windows_for
from bot.policy.fields import Problems
from bot.policy.reminder_policy import ReminderPolicy, rule_of


def check_touches(reminders: ReminderPolicy, policy: ContactPolicy, place: Place, problems: Problems) -> None:
    minute = reminders.hour.hour * 60 + reminders.hour.minute
    for purpose in Purpose:
        used = any(_purpose(touch) is purpose for stage in reminders.stages for touch in stage.all_touches)
        open_then = any(w.opens <= minute < w.closes for w in windows_for(policy.windows, purpose))
        if used and not open_then:
            sentence = f"The hour lies outside the hours of {policy.policy_id} for {purpose} messages."
            problems.note(place, 10, sentence, "Choose an hour at which contact is allowed.")
    told: set[tuple[str, str]] = set()
    for band in (None, *dict.fromkeys(name for stage in reminders.stages for name in stage.by_band)):
        where = "Where nothing is paid" if band is None else f"In the band {band}, where nothing is paid"
        # What is held back for everybody is not told once more for each band.
        for rule, reason in (
            stopped for stopped in _held_back(_of_band(reminders, band), policy) if stopped not in told
        ):
            told.add((rule, reason))
            sentence = f'{where}, "{rule}" is never sent: {reason} of {policy.policy_id} holds it back.'
            problems.note(place, 13, sentence, "Spread the days, or leave some out.", Severity.WARNING)


def _of_band(reminders: ReminderPolicy, band: str | None) -> list[tuple[int, str]]:
    """The touches of a borrower who stays in one band, with their rules; of everybody else for None."""
    return [(touch, rule_of(s.stage_id, touch)) for s in reminders.stages for touch in s.touches_in(band)]


def _purpose(touch: int) -> Purpose:
    if touch == 0:
        return Purpose.DUE_DAY
    return Purpose.PRE_DUE if touch < 0 else Purpose.OVERDUE


def _held_back(touches: list[tuple[int, str]], policy: ContactPolicy) -> list[tuple[str, str]]:
    """The touches that caps and pause would stop if every earlier one that they allow was made, at the same hour."""
    made: list[int] = []
    stopped = []
    for touch, rule in sorted(touches):
        reasons = [
            f'the cap "{cap.name}"'
            for cap in policy.caps
            if "chat" in cap.media and sum(touch - cap.days < day for day in made) >= cap.most
        ]
        if made and (touch - made[-1]) * 24 < policy.min_gap.hours:
            reasons.append("the pause between contacts")
        if reasons:
            stopped.append((rule, reasons[0]))
        else:
            made.append(touch)
    return stopped
