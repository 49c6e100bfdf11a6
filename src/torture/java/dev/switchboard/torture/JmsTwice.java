package dev.switchboard.torture;

/** Has every JMS message sent twice. */
final class JmsTwice implements Fault {

    private final long millis;

    JmsTwice(long millis) {
        this.millis = millis;
    }

    @Override
    public void prepare(Setup setup) {
        setup.sentTwice = 100;
    }

    @Override
    public void strike(Site site) throws Exception {
        site.running();
        Feeder.pause(millis);
    }
}
