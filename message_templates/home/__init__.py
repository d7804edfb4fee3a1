"""How the App Home page looks: about oneself, and for the PMO what hinders the bot."""
