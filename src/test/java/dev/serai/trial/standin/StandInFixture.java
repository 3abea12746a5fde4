package dev.serai.trial.standin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A running stand-in and a client of it, new for every test. */
@Timeout(120)
abstract class StandInFixture {

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
