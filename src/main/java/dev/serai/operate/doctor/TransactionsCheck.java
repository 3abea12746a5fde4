package dev.serai.operate.doctor;

import dev.serai.operate.doctor.TransactionTrial.Outcome;
import java.util.List;

/** Whether this client can begin and abort a transaction. */
record TransactionsCheck(Once<Outcome> trial) implements Check {
    @Override
    public List<Found> look() throws Exception {
        return List.of(
                switch (trial.get()) {
                    case TransactionTrial.Aborted aborted ->
                        Found.ok("transaction of " + aborted.transactionalId() + " was begun and aborted, in "
                                + aborted.took().toMillis() + " ms; no topic has a record of it");
                    case TransactionTrial.Forbidden forbidden ->
                        Found.error(
                                "no transaction of " + forbidden.transactionalId() + " is allowed: "
                                        + forbidden.reason(),
                                "allow WRITE and DESCRIBE on transactional ids that begin with " + forbidden.serviceId()
                                        + " (--resource-pattern-type prefixed), READ on the group and the start topic;"
                                        + " where "
                                        + "they are allowed for the very id " + forbidden.serviceId()
                                        + " only, no transaction can be tried without ending the service's own, and"
                                        + " rights says what can be known");
                    case TransactionTrial.TakenOver takenOver ->
                        Found.warning(
                                "another process has taken over " + takenOver.transactionalId()
                                        + " meanwhile: is another doctor running with this serai.instance-id?",
                                "run one at a time");
                    case TransactionTrial.NotTried notTried ->
                        Found.skipped(
                                "no transaction was tried: it takes topic " + notTried.topic()
                                        + ", which is not there or may not be seen; rights says whether transactions are allowed");
                    case TransactionTrial.Failed failed ->
                        Found.error(
                                "a transaction of " + failed.transactionalId() + " does not go through: "
                                        + failed.reason(),
                                "look at the brokers' logs for the coordinator of that id, and at hanging and partitions here:"
                                        + " without transactions no event is answered");
                });
    }
}
