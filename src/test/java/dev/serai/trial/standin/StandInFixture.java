package dev.serai.trial.standin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A running stand-in and a client of it, new for every test. */
@Timeout(120)
abstract class StandInFixture {

    /** Of another account, for those who have the stand-in know it. */
    protected static final String OTHER_KEY = "other-api-key";

    protected StandIn standIn;
    protected StandInClient client;

    protected StandInOptions options() {
        return StandInOptions.defaults();
    }

    @BeforeEach
    void startStandIn() {
        standIn = StandIn.start(options());
        client = new StandInClient(standIn);
    }

    @AfterEach
    void closeStandIn() {
        client.close();
        standIn.close();
    }
}
